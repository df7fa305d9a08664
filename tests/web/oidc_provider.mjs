// An OpenID provider on loopback for tests: node oidc_provider.mjs PORT REDIRECT_URI. Any name logs in with any password;
// `mail` is known by its verified address alone, `mail-unverified` by one that nobody has verified.
import { createRequire } from 'node:module'
import { fileURLToPath, pathToFileURL } from 'node:url'

const page = createRequire(fileURLToPath(new URL('../../web/ui/package.json', import.meta.url)))
const { Provider } = await import(pathToFileURL(page.resolve('oidc-provider')))
const [port, redirect] = process.argv.slice(2)

const provider = new Provider(`http://127.0.0.1:${port}`, {
  clients: [{ client_id: 'baochu', client_secret: 'a secret / of both', redirect_uris: [redirect] }],
  claims: { openid: ['sub'], profile: ['preferred_username'], email: ['email', 'email_verified'] },
  findAccount: (_, id) => ({
    accountId: id,
    claims: () =>
      id.startsWith('mail')
        ? { sub: id, email: 'viewer@example.org', email_verified: id === 'mail' }
        : { sub: `sub-${id}`, preferred_username: id },
  }),
})
provider.listen(Number(port), '127.0.0.1', () => console.log('ready'))
