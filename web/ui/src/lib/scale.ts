/** Screen scale: 1 at 1080p, 2 at 4K; the page's lengths follow the root's font size. */
export const screenScale = (): number => Math.round((parseFloat(getComputedStyle(document.documentElement).fontSize) / 16) * 20) / 20 || 1
