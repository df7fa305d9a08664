import { createHash } from 'node:crypto'
import { readFileSync, readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import vue from '@vitejs/plugin-vue'
import { ElementPlusResolver } from 'unplugin-vue-components/resolvers'
import Components from 'unplugin-vue-components/vite'
import { defineConfig, type Plugin } from 'vite'

interface CssDeclaration {
  value: string
  source?: { input: { file?: string } }
}

/** Element Plus is written in px; the wall scales by the root font size, so its lengths become rem. */
const elementPlusInRem = {
  postcssPlugin: 'element-plus-in-rem',
  Declaration(decl: CssDeclaration) {
    if (!decl.source?.input.file?.includes('element-plus') || !decl.value.includes('px')) return
    decl.value = decl.value.replace(/(-?\d*\.?\d+)px/g, (whole, figure: string) =>
      Math.abs(Number(figure)) <= 1 ? whole : `${Number(figure) / 16}rem`,
    )
  },
}

/** Leaflet beside the page, for the server to put into maps that are handed over: it needs no npm when it runs. */
const leafletBeside: Plugin = {
  name: 'leaflet-beside',
  apply: 'build',
  generateBundle() {
    const from = fileURLToPath(new URL('./node_modules/leaflet/dist/', import.meta.url))
    const images = readdirSync(`${from}images`).map((name) => `images/${name}`)
    for (const name of ['leaflet.js', 'leaflet.css', ...images])
      this.emitFile({ type: 'asset', fileName: `leaflet/${name}`, source: readFileSync(from + name) })
  },
}

/** The field page's service worker: it keeps the page's entry, the field's own chunks and their styles. */
const fieldOffline: Plugin = {
  name: 'field-offline',
  apply: 'build',
  generateBundle(_, bundle) {
    const files = new Set(['/field', '/favicon.svg', '/field.webmanifest'])
    const walk = (name: string) => {
      const chunk = bundle[name]
      if (chunk?.type !== 'chunk' || files.has(`/${name}`)) return
      files.add(`/${name}`)
      for (const style of chunk.viteMetadata?.importedCss ?? []) files.add(`/${style}`)
      chunk.imports.forEach(walk)
    }
    for (const chunk of Object.values(bundle))
      if (chunk.type === 'chunk' && (chunk.isEntry || /(field\/FieldView\.vue|i18n\/en\.ts)$/.test(chunk.facadeModuleId ?? ''))) walk(chunk.fileName)
    const shell = JSON.stringify([...files].sort())
    const build = createHash('sha256').update(shell).digest('hex').slice(0, 12)
    const source = readFileSync(fileURLToPath(new URL('./src/field/sw.js', import.meta.url)), 'utf8')
    this.emitFile({ type: 'asset', fileName: 'sw.js', source: source.replace('= __SHELL__', `= ${shell}`).replace("-__BUILD__'", `-${build}'`) })
  },
}

export default defineConfig({
  base: '/',
  plugins: [
    vue(),
    leafletBeside,
    fieldOffline,
    Components({ dirs: [], dts: 'components.d.ts', resolvers: [ElementPlusResolver({ importStyle: 'css' })] }),
  ],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  css: { postcss: { plugins: [elementPlusInRem] } },
  build: { target: 'es2022', outDir: 'dist', chunkSizeWarningLimit: 1300, assetsInlineLimit: 2048 },
  server: { proxy: { '/api': process.env.BAOCHU_API ?? 'http://127.0.0.1:8000' } },
})
