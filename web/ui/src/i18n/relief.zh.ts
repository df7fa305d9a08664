export const reliefZh = {
  tool: '立体', sight: '通视', eye: '观察点', to: '目标', pickEye: '在地图上点观察点或摄像机位置', pickTarget: '可再点一处目标，看是否通视', around: '四周',
  fields: { eye: '眼高（米）', target: '目标高（米）', range: '距离（米）', bearing: '方位（度）', field: '视场（度）' }, buildings: '计建筑', run: '看可视域', clear: '清除',
  seen: '可见 {km2} / {of} 平方公里', clearLine: '通视', hidden: '不通视', cut: '{m} 米处被遮挡', lacking: '，观察点须再高 {m} 米',
  note: '地形高度 ×{times}；建筑为实高，不详按 9 米', water: '；推算水深 ×{times}（参考）',
}
