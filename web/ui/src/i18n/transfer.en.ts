import type { lossesZh, reviewZh, shelterZh } from './transfer.zh'

export const shelterEn: typeof shelterZh = {
  tabs: { orders: 'Orders', shelters: 'Shelters' },
  fill: { room: 'Room', near_full: 'Nearly full', full: 'Full' }, state: { standby: 'Standing by', open: 'Open', closed: 'Closed', out_of_use: 'Out of use' },
  open: 'open', inside: 'inside', held: 'held', free: 'free', start: 'Open a shelter', stock: 'Stock of kits', noStock: 'No kits', stocks: 'Supplies',
  goTo: 'The next go to {name} ({n} left)', go: 'Register there', nowhere: 'No shelter has room: open another', done: '{in} in, {out} out', kits: '{n} kits given', short: '{n} kits short', passed: 'Not counted: {list}',
  rides: 'By vehicle', trips: '{n} trips of {seats}', have: '{n} fit', noVehicle: 'no vehicle is fit', byVehicle: 'by vehicle', passes: 'passes (look first):',
  reason: 'Why it is closed', close: 'Close', outOfUse: 'Out of use', verifyAll: 'Verify {n} arrived', homes: 'Households', inUse: '{n} in use', lodged: '{n} inside', fullOf: '{n} full',
}
export const reviewEn: typeof reviewZh = {
  tabs: { log: 'Journal', review: 'Times, situation' }, kind: { call: 'Calls', dispatch: 'Dispatches', task: 'Tasks', decision: 'Decisions' }, again: 'Count anew', note: 'Why it is kept',
  step: 'Step', reached: 'Reached', median: 'Median, min', none: 'Nothing yet', empty: 'None of this kind',
  steps: { received: 'received', done: 'done', verified: 'verified', reached: 'reached', read_back: 'read back', action: 'action', acknowledged: 'acknowledged', departed: 'departed', arrived: 'arrived', consulted: 'consulted', submitted: 'submitted', decided: 'decided' },
}
export const lossesEn: typeof lossesZh = {
  title: 'Losses', no: 'no. {n}', stage: { first: 'First', continued: 'Continued', complete: 'Complete' }, town: 'Choose a town', district: 'District', correction: 'Correction (where a cumulative figure falls)', complete: 'Complete: the statistics end with it', check: 'Check', send: 'Hand in', done: 'Losses handed in',
}
