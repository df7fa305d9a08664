/** Accounts over HTTP: those of others for administrators, and one's own password. */
import { answer, client } from './client'
import type { components } from './schema.gen'
import type { Session } from './types'

type Schemas = components['schemas']
export type AccountRow = Schemas['AccountRowOut']
export type Role = Schemas['RoleOut']
export type Given = Schemas['GivenOut']
export type Ways = Schemas['WaysOut']
export type Profile = Required<Schemas['ProfileIn']>

const of = (username: string) => ({ params: { path: { username } } })

export const accounts = {
  all: () => answer<AccountRow[]>(client.GET('/api/accounts')),
  roles: () => answer<Role[]>(client.GET('/api/accounts/roles')),
  create: (username: string, profile: Profile, with_password: boolean) =>
    answer<Given>(client.POST('/api/accounts', { body: { username, ...profile, with_password } })),
  change: (username: string, profile: Profile) => answer<AccountRow>(client.PUT('/api/accounts/{username}', { ...of(username), body: profile })),
  disable: (username: string) => answer<AccountRow>(client.POST('/api/accounts/{username}/disable', of(username))),
  enable: (username: string) => answer<AccountRow>(client.POST('/api/accounts/{username}/enable', of(username))),
  resetPassword: (username: string) => answer<Given>(client.POST('/api/accounts/{username}/password', of(username))),
  changeOwnPassword: (current: string, password: string) => answer<Session>(client.POST('/api/session/password', { body: { current, password } })),
  ways: () => answer<Ways>(client.GET('/api/session/ways')),
}
