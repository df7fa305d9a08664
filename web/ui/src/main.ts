import '@fontsource-variable/noto-sans-sc/wght.css'
import 'element-plus/theme-chalk/dark/css-vars.css'
import './style/base.css'
import { createPinia } from 'pinia'
import { createApp } from 'vue'
import App from './App.vue'
import { i18n } from './i18n'
import { installTokens } from './style/tokens'

installTokens()
createApp(App).use(createPinia()).use(i18n).mount('#app')
