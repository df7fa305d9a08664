import type { reliefZh } from './relief.zh'

export const reliefEn: typeof reliefZh = {
  tool: '2.5-D', note: 'Ground ×{times}; buildings at true height, 9 m where unknown', water: '; modelled water ×{times} (参考)',
}
