export const reliefZh = {
  tool: '立体', note: '地形高度 ×{times}；建筑为实高，不详按 9 米', water: '；推算水深 ×{times}（参考）',
}
