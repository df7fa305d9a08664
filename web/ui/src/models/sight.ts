/** What is seen from a place, on this page: an eye or a camera, and whether one target is in its line of sight. */
import { defineStore } from 'pinia'
import { ref } from 'vue'
import { models, type SightAnswer, type ViewAnswer } from '@/api/models'
import { question } from '@/roads/question'
import type { Spot } from './fire'

const typed = (text: string, least: number, most: number) => {
  const value = Number(text)
  return text.trim() && value >= least && value <= most ? value : undefined
}

export const useSight = defineStore('sight', () => {
  const eye = ref<Spot | null>(null)
  const target = ref<Spot | null>(null)
  const form = ref({ eye: '10', target: '0', range: '3000', bearing: '', field: '60', buildings: true })

  function from() {
    const [eye_m, target_m] = [typed(form.value.eye, 0, 500), typed(form.value.target, 0, 500)]
    if (!eye.value || eye_m === undefined || target_m === undefined) return null
    return { lon: eye.value.lon, lat: eye.value.lat, eye_m, target_m, buildings: form.value.buildings }
  }
  const view = question<ViewAnswer>((world, signal) => {
    const [asked, range_m, field_deg] = [from(), typed(form.value.range, 100, 10_000), typed(form.value.field, 1, 360)]
    const bearing = form.value.bearing.trim() ? typed(form.value.bearing, 0, 359.9) : null
    if (!asked || range_m === undefined || field_deg === undefined || bearing === undefined) return null
    return models.viewshed(world, { ...asked, range_m, field_deg, bearing_deg: bearing }, signal)
  })
  const line = question<SightAnswer>((world, signal) => {
    const asked = from()
    if (!asked || !target.value) return null
    return models.lineOfSight(world, { ...asked, to_lon: target.value.lon, to_lat: target.value.lat }, signal)
  })
  async function ask(): Promise<void> {
    await Promise.all([view.ask(), line.ask()])
  }
  /** The first place clicked is the eye, each later one a target. */
  function take(at: Spot): void {
    if (eye.value) target.value = at
    else eye.value = at
    void (target.value ? line.ask() : view.ask())
  }
  function clear(): void {
    view.clear()
    line.clear()
    eye.value = target.value = null
  }
  return { eye, target, form, view, line, ask, take, clear }
})
