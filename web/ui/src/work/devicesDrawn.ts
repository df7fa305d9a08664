/** Keeps the map in step with the phones of the field; never on a public screen. */
import { onBeforeUnmount, onMounted, watch } from 'vue'
import { age } from '@/lib/time'
import { useWords } from '@/lib/words'
import type { MapController } from '@/map/controller'
import { collection } from '@/map/live'
import { useBoard } from '@/stores/board'
import { useSession } from '@/stores/session'
import { useDevices } from './devices'

export function useDevicesDrawn(screen: boolean): (control: MapController) => void {
  const { t, lang } = useWords()
  const board = useBoard()
  const session = useSession()
  const devices = useDevices()
  let to: MapController | undefined
  let stop: (() => void) | undefined
  function draw(): void {
    to?.feed('devices', screen || session.looking ? collection([]) : devices.features((one) => `${one.post} ${t('data.ago', { age: age(devices.ageS(one), lang.value) })}`))
  }
  if (!screen) {
    onMounted(() => (stop = devices.watch()))
    onBeforeUnmount(() => stop?.())
    watch([() => devices.rows, () => Math.floor(board.worldNow / 15_000), () => session.looking, lang], draw)
    watch(() => board.world, () => void devices.load())
  }
  return (control) => {
    to = control
    draw()
  }
}
