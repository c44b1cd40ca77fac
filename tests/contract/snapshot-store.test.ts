import { opened, tempDir } from '../unit/archive/made.ts';
import { snapshotStoreContract } from './snapshot-store.ts';

snapshotStoreContract('files', async () => {
  const dir = await tempDir();
  return { ...(await opened(dir)), another: () => opened(dir) };
});
