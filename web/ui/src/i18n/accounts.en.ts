import type { accountsZh } from './accounts.zh'

export const accountsEn: typeof accountsZh = {
  title: 'Accounts', count: '{n} accounts', shown: '{n} of {all} shown', filter: 'Find account, name, post', allRoles: 'All roles', allStates: 'All states', add: 'New account', loading: 'Reading accounts…',
  none: 'No such account', noneHint: 'Try another word, or clear the filter', clear: 'Clear filter',
  username: 'Account', name: 'Name', post: 'Post', role: 'Role', towns: 'Towns', ways: 'Signs in by', state: 'State', last: 'Last sign-in',
  whole: 'Whole district', active: 'Active', disabled: 'Disabled', never: 'Never', mustChange: 'must change password', password: 'Password', sso: 'Single sign-on', bound: 'bound', unbound: 'not bound', noWay: 'cannot sign in',
  usernameHint: '1–60 letters, digits or . _ {\'@\'} -; stays as it is', townsHint: 'none: the whole district', townsNeeded: 'this role needs towns', townsNone: 'an administrator is not confined', townsUnknown: 'No towns yet: import the administrative units first',
  ssoAllow: 'May sign in by single sign-on', ssoHint: 'bound at the first such sign-in, by user name or verified e-mail', ssoDrop: 'taking it away unbinds the identity', withPassword: 'Give an initial password too',
  edit: 'Account {name}', save: 'Save', saved: 'Saved: {name}', made: 'Made: {name}', loggedOut: 'Saving ends the sessions of this account', own: 'You changed your own account: sign in again',
  disable: 'Disable', disableSure: 'Disable it', disableWarn: 'Its sessions end at once and it cannot sign in; it stays on the record', disabledDone: 'Disabled: {name}', enable: 'Enable', enabledDone: 'Enabled: {name}',
  reset: 'Reset password', resetSure: 'Reset it', resetWarn: 'The old password ends, and so do its sessions',
  given: 'Initial password of {name}', givenHint: 'Shown this once: tell the person face to face or by phone; it must be changed at the first sign-in', copy: 'Copy', copied: 'Copied', known: 'Noted, close',
  own_: { title: 'Change password', first: 'First sign-in: change the password that you were given', current: 'Current password', fresh: 'New password', again: 'Once more', hint: 'at least 8 characters', differ: 'The two new passwords differ', short: 'A password has at least 8 characters', submit: 'Change', done: 'Password changed; your other sessions have ended' },
  roleHint: {
    operator: 'Reports, dispatches, closes roads; exports registers', commander: 'As duty officer; closes incidents, sets drill clocks', viewer: 'Looks only', planner: 'Keeps registers and units, exports; sees no persons at risk', clerk: 'Keeps and imports the registers of own towns; sees their persons at risk',
    reviewer: 'Sees and exports lists of persons at risk, each time on the record', field: 'Sees the persons at risk of own towns', auditor: 'Reads the log, exports registers, changes nothing', admin: 'Keeps accounts, drills, registers; commands nobody, sees no persons at risk',
  },
}
