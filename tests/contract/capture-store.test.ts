import { opened, tempDir } from '../unit/archive/made.ts';
import { captureStoreContract } from './capture-store.ts';

for (const [name, options] of [
  ['files', {}],
  ['files of a few records each', { maxWarcBytes: 3000 }],
] as const) {
  captureStoreContract(name, async () => {
    const dir = await tempDir();
    const archive = await opened(dir, options);
    return {
      store: archive.captures,
      reopened: async () => {
        await archive.seal({}, 'finished');
        return (await opened(dir, { readOnly: true, create: false })).captures;
      },
    };
  });
}
