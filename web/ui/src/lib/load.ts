/** Something asked from the server: what came, that it is on its way, or why it did not come; asked anew after events of these kinds. */
import { onBeforeUnmount, onMounted, ref, shallowRef, watch } from 'vue'
import { Problem } from '@/api/client'
import { useBoard } from '@/stores/board'

export function useLoad<R>(call: () => Promise<R>, kinds: string[] = []) {
  const board = useBoard()
  const data = shallowRef<R | null>(null)
  const problem = ref<Problem | null>(null)
  const busy = ref(false)
  let turn = 0
  async function load(): Promise<void> {
    const mine = ++turn
    busy.value = true
    try {
      const got = await call()
      if (mine !== turn) return
      data.value = got
      problem.value = null
    } catch (cause) {
      if (!(cause instanceof Problem)) throw cause
      if (mine === turn) problem.value = cause
    } finally {
      if (mine === turn) busy.value = false
    }
  }
  const stop = board.onEach((patch) => kinds.includes(patch.kind) && void load())
  watch(() => board.returns, () => problem.value && void load())
  onMounted(load)
  onBeforeUnmount(stop)
  return { data, problem, busy, load }
}
