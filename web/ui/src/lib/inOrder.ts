/** Of answers that overtake each other, one is only taken if it was asked for after the last that was taken. Pure. */
export function inOrder(): () => () => boolean {
  let asked = 0
  let taken = 0
  return () => {
    const mine = ++asked
    return () => {
      if (mine < taken) return false
      taken = mine
      return true
    }
  }
}
