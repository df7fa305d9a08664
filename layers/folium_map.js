/* What a map to hand over needs besides Leaflet: marks by shape, names that do not overlap, tables of attributes, a legend. */
var baochu = (function () {
  'use strict'
  const NAMES_MOST = 500
  /** Screen scale: 1 up to 1080p, 2 at 4K, as the style sheet has it. */
  let K = 1

  /** Traces a mark round a point; `r` is its reach in pixels. */
  function trace(pen, shape, x, y, r) {
    pen.beginPath()
    if (shape === 'circle') pen.arc(x, y, r, 0, 2 * Math.PI)
    else if (shape === 'square') pen.rect(x - 0.88 * r, y - 0.88 * r, 1.76 * r, 1.76 * r)
    else {
      const corners = shape === 'triangle' ? [[0, -1.1], [1.1, 0.85], [-1.1, 0.85]] : [[0, -1.25], [1.25, 0], [0, 1.25], [-1.25, 0]]
      corners.forEach(([dx, dy], i) => pen[i ? 'lineTo' : 'moveTo'](x + dx * r, y + dy * r))
      pen.closePath()
    }
  }
  function drawMark(pen, look, x, y) {
    trace(pen, look.shape, x, y, look.radius)
    pen.setLineDash([])
    pen.lineWidth = look.hollow ? 2 : 1.5
    pen.fillStyle = look.hollow ? '#0E1825' : look.fillColor
    pen.fill()
    pen.strokeStyle = look.hollow ? look.fillColor : look.edge
    pen.stroke()
    if (!look.glyph) return
    pen.font = `600 ${1.15 * look.radius}px sans-serif`
    pen.textAlign = 'center'
    pen.textBaseline = 'middle'
    pen.fillStyle = look.ink
    pen.fillText(look.glyph, x, y + 0.06 * look.radius)
  }
  const Mark = L.CircleMarker.extend({
    _updatePath() {
      if (this._renderer._drawing && !this._empty()) drawMark(this._renderer._ctx, this.options, this._point.x, this._point.y)
    },
  })

  function table(data, values) {
    const box = document.createElement('table')
    box.createCaption().textContent = data.title
    data.columns.forEach((column, i) => {
      if (values[i] === null) return
      const row = box.insertRow()
      row.insertCell().textContent = column
      row.insertCell().textContent = values[i]
    })
    return box
  }

  /** A layer of the map: `rows` are [look, geometry, values, name, where the name stands as lon, lat]. */
  function layer(data) {
    const group = L.featureGroup()
    K = parseFloat(getComputedStyle(document.documentElement).fontSize) / 16
    data.nameSize *= K
    for (const look of data.looks) {
      look.radius *= K
      look.weight *= K
      look.dashArray = look.dashArray && look.dashArray.split(' ').map((length) => length * K)
    }
    for (const [item, geometry, values] of data.rows) {
      const look = { ...data.looks[item], interactive: data.columns.length > 0 }
      const shape = L.GeoJSON.geometryToLayer({ type: 'Feature', geometry }, { pointToLayer: (_, at) => new Mark(at, look) })
      if (shape.setStyle) shape.setStyle(look)
      if (data.columns.length) shape.bindPopup(() => table(data, values), { maxHeight: 360 })
      group.addLayer(shape)
    }
    group.baochu = data
    return group
  }

  /** Names, the topmost layer's first; one that would cover another is left out until there is room. */
  const Names = L.Layer.extend({
    initialize(layers) {
      this.layers = layers
    },
    onAdd(map) {
      this.box = L.DomUtil.create('div', 'names', map.getPane('tooltipPane'))
      this.pen = document.createElement('canvas').getContext('2d')
      map.on('moveend overlayadd overlayremove', this.draw, this)
      this.draw()
    },
    draw() {
      const map = this._map
      const view = map.getPixelBounds()
      const taken = []
      this.box.replaceChildren()
      for (const group of [...this.layers].reverse()) {
        if (!map.hasLayer(group) || map.getZoom() < group.baochu.namesFrom) continue
        const { nameSize, looks, nameBeside } = group.baochu
        this.pen.font = `500 ${nameSize}px sans-serif`
        for (const [item, , , name, at] of group.baochu.rows) {
          if (!name || taken.length >= NAMES_MOST) continue
          const spot = map.project([at[1], at[0]])
          if (!view.contains(spot)) continue
          const [w, h] = [this.pen.measureText(name).width + 6, nameSize * 1.35]
          const x = nameBeside ? spot.x + looks[item].radius + 4 : spot.x - w / 2
          const here = { name, x, y: spot.y - h / 2, w, h, at: spot }
          if (taken.some((other) => crowds(here, other))) continue
          taken.push(here)
          const local = map.latLngToLayerPoint([at[1], at[0]])
          const label = L.DomUtil.create('span', '', this.box)
          label.textContent = name
          label.style.cssText = `left:${local.x + x - spot.x}px;top:${local.y - h / 2}px;font-size:${nameSize}px;color:${group.baochu.nameColor}`
        }
      }
    },
  })
  function crowds(a, b) {
    if (a.name === b.name && a.at.distanceTo(b.at) < 260) return true
    return a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h
  }

  function sample(look, surface) {
    const canvas = document.createElement('canvas')
    canvas.width = canvas.height = 44
    const pen = canvas.getContext('2d')
    pen.scale(2, 2)
    pen.fillStyle = look.fillColor
    pen.strokeStyle = look.color
    pen.lineWidth = Math.max(look.weight / K, 2)
    pen.setLineDash((look.dashArray || []).map((length) => length / K))
    if (surface === 'point') drawMark(pen, { ...look, radius: Math.min(look.radius / K, 8) }, 11, 11)
    else if (look.fill) {
      pen.fillRect(3, 5, 16, 12)
      pen.lineWidth = 1
      pen.strokeRect(3, 5, 16, 12)
    } else {
      pen.beginPath()
      pen.moveTo(1, 11)
      pen.lineTo(21, 11)
      pen.stroke()
    }
    return canvas
  }
  const Legend = L.Control.extend({
    options: { position: 'bottomleft' },
    initialize(layers) {
      this.layers = layers
    },
    onAdd(map) {
      const box = L.DomUtil.create('div', 'legend')
      L.DomEvent.disableScrollPropagation(box)
      L.DomEvent.disableClickPropagation(box)
      const draw = () => {
        box.replaceChildren()
        for (const group of [...this.layers].reverse().filter((one) => map.hasLayer(one) && one.baochu.rows.length)) {
          const { title, note, looks, shapes } = group.baochu
          L.DomUtil.create('b', '', box).textContent = title
          if (note) L.DomUtil.create('small', '', box).textContent = note
          looks.forEach((look, i) => {
            if (!shapes[i]) return
            const line = L.DomUtil.create('div', '', box)
            line.append(sample(look, shapes[i]), look.title)
          })
        }
      }
      map.on('overlayadd overlayremove', draw)
      draw()
      return box
    },
  })

  /** Finishes a map of these layers, the lowest first; it opens on the box, clear of the legend and the controls. */
  function finish(map, layers, box) {
    const legend = new Legend(layers).addTo(map).getContainer()
    L.control.scale({ imperial: false, maxWidth: 140 * K }).addTo(map)
    const control = map.getContainer().querySelector('.leaflet-control-layers')
    const clear = map.getSize().x > 3 * (legend.offsetWidth + control.offsetWidth)
    const sides = clear ? [legend.offsetWidth + 24, control.offsetWidth + 24] : [16, 16]
    map.fitBounds(box, { paddingTopLeft: [sides[0], 64 * K], paddingBottomRight: [sides[1], 40 * K], animate: false })
    map.addLayer(new Names(layers))
    // A layer switched on again must not cover those above it.
    map.on('overlayadd', () => layers.forEach((one) => map.hasLayer(one) && one.bringToFront()))
    document.documentElement.dataset.drawn = layers.length
  }
  return { layer, finish }
})()
