/** How a page looks: a picture of all of it, and the same on paper. */
import type { CDPSession } from 'playwright';

/** Beyond 16,384 pixels Chromium paints the top of the page again. */
const MAX_HEIGHT = 16_000;

/** PNG of the whole page as it is shown, cut at 16,000 pixels. */
export async function screenshotOf(session: CDPSession): Promise<{ png: Uint8Array; isCut: boolean }> {
  const { cssContentSize, cssLayoutViewport } = await session.send('Page.getLayoutMetrics');
  const height = Math.min(Math.max(Math.ceil(cssContentSize.height), cssLayoutViewport.clientHeight), MAX_HEIGHT);
  const { data } = await session.send('Page.captureScreenshot', {
    format: 'png',
    captureBeyondViewport: true,
    clip: { x: 0, y: 0, width: cssLayoutViewport.clientWidth, height, scale: 1 },
  });
  return { png: Buffer.from(data, 'base64'), isCut: cssContentSize.height > MAX_HEIGHT };
}

/** A4, with backgrounds. */
export async function pdfOf(session: CDPSession): Promise<Uint8Array> {
  const { data } = await session.send('Page.printToPDF', {
    printBackground: true,
    paperWidth: 8.27,
    paperHeight: 11.69,
  });
  return Buffer.from(data, 'base64');
}
