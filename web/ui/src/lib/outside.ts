/** Tells when a pointer goes down outside an element: what pops up there closes. */
import { onBeforeUnmount, onMounted, type Ref } from 'vue'

export function useOutside(box: Ref<HTMLElement | undefined>, act: () => void): void {
  const pressed = (event: Event) => {
    if (!box.value?.contains(event.target as Node)) act()
  }
  onMounted(() => document.addEventListener('pointerdown', pressed))
  onBeforeUnmount(() => document.removeEventListener('pointerdown', pressed))
}
