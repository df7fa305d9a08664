/** A clicked place as an end of a way, named by what stands there or by its coordinates. */
import { useWords } from '@/lib/words'
import type { Clicked } from '@/stores/work'
import type { End } from './route'

export function useEnds(): (at: Clicked) => End {
  const { t } = useWords()
  return ({ lon, lat, name }) => ({ lon, lat, name: name || t('roads.point', { at: `${lon.toFixed(5)}, ${lat.toFixed(5)}` }) })
}
