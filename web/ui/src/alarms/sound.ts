/** The sound of an alarm: two short tones, made here, without a file. A browser stays silent until somebody has clicked. */
import { ref } from 'vue'
import { sound } from '@/style/tokens'

let context: AudioContext | null = null
/** Whether this browser lets us be heard. */
export const heard = ref(false)

function look(): void {
  heard.value = context?.state === 'running'
}
/** Called once the page is there, and at every click until the browser lets us. */
export async function unlock(): Promise<void> {
  context ??= new AudioContext()
  context.onstatechange = look
  look()
  if (context.state === 'suspended') await context.resume().catch(() => undefined)
  look()
}
/** One signal. */
export function ring(): void {
  if (!context || context.state !== 'running') return
  const start = context.currentTime
  sound.tonesHz.forEach((hertz, i) => {
    const tone = new OscillatorNode(context!, { type: 'triangle', frequency: hertz })
    const gain = new GainNode(context!, { gain: 0 })
    const at = start + i * sound.toneS
    gain.gain.setValueAtTime(0, at)
    gain.gain.linearRampToValueAtTime(sound.loud, at + 0.02)
    gain.gain.linearRampToValueAtTime(0, at + sound.toneS)
    tone.connect(gain).connect(context!.destination)
    tone.start(at)
    tone.stop(at + sound.toneS)
  })
}
