/** The nouns of the API under the page's names; made from the generated schema, narrowed where JSON Schema cannot say it. */
import type { LineString, MultiLineString } from 'geojson'
import type { components, operations } from './schema.gen'

type Schemas = components['schemas']

export type Account = Schemas['AccountOut']
export type Session = Schemas['SessionOut']
export type Clock = Omit<Schemas['ClockOut'], 'id'>
export type Incident = Schemas['IncidentOut']
export type IncidentKind = Incident['kind']
export type IncidentState = Incident['state']
export type Grade = NonNullable<Incident['grade']>
export type ReportSource = Incident['source']
export type Team = Omit<Schemas['TeamOut'], 'hazards'> & { hazards: IncidentKind[] }
export type TeamState = Team['state']
export type Dispatch = Omit<Schemas['DispatchOut'], 'route'> & { route: LineString | null }
export type DispatchState = Dispatch['state']
export type Closure = Omit<Schemas['ClosureOut'], 'geom'> & { geom: MultiLineString }
export type Gauge = Schemas['BoardGaugeOut']
/** A gauge as it stands: what the registers say of it, its newest reading, its windows of rain. */
export type GaugeNow = operations['index_api_worlds__world__gauges_get']['responses'][200]['content']['application/json'][number]
export type Warning = Schemas['WarningOut']
export type Hazard = Schemas['BoardHazardOut']
/** A transfer order and a shelter in use, in counts. */
export type Transfer = Schemas['BoardTransferOut']
export type ShelterNow = Schemas['BoardShelterOut']
/** A typhoon as one agency tracks it. */
export type Cyclone = Schemas['CycloneOut']
export type Mark = Schemas['MarkOut']
/** The last word about an alarm: who took note of it; under `mute`, who silenced all screens. */
export type AlarmWord = Schemas['AlarmWordOut']
/** A screen on the wall; `shown` while somebody directs it. */
export type Screen = Schemas['ScreenOut']
export type SceneId = Screen['home']
export type Shown = NonNullable<Screen['shown']>
export type Glance = Schemas['GlanceOut']
export type Town = Schemas['ColouredTownOut']
export type TownColour = Town['colour']
/** A call-out in counts: who answered, read back, acted, is verified; the posts come from its own address. */
export type CallOut = Schemas['BoardCallOutOut']
export type Shift = Schemas['ShiftOut']
export type HeadCount = Schemas['HeadCountOut']
export type Task = Schemas['TaskOut']
/** How a track stands in a jurisdiction (应急响应). */
export type Response = Schemas['ResponseOut']
export type Decision = Schemas['DecisionOut']
/** A closure that a gauge or a model suggests; a person decides. */
export type Suggestion = Omit<Schemas['SuggestionOut'], 'geom' | 'evidence'> & { geom: MultiLineString; evidence: { zh: string; en: string; confidence: 'vessel' | 'terrain' | null } }
/** A run of a model as the board shows it. */
export type Run = Omit<Schemas['BoardRunOut'], 'state' | 'result'> & { state: 'queued' | 'running' | 'done' | 'failed' | 'cancelled'; result: unknown }
export type ClosureOrder = Schemas['ClosureIn']
export type World = Omit<Schemas['WorldOut'], 'clock'> & { clock: Clock }
export type WorldKind = World['kind']
export type District = Omit<Schemas['DistrictOut'], 'bounds'> & { bounds: [number, number, number, number] }
export type LegendEntry = Schemas['LegendOut']
export type LayerEntry = Omit<Schemas['LayerOut'], 'kind'> & { kind: 'vector' | 'raster' | 'live' }
export type BaseMap = Schemas['BaseMapOut']
export type Shelter = Schemas['ShelterOut']
export type Place = Schemas['PlaceOut']
export type JournalEntry = Schemas['EntryOut']
/** Offers after the first few come without their road. */
export type Offer = Omit<Schemas['OfferOut'], 'route'> & { route: LineString | null }
export type Recommendations = Omit<Schemas['RecommendationOut'], 'offers'> & { offers: Offer[] }
export type IncidentReport = Schemas['IncidentIn']

/** What the board holds, each by id. */
export interface Tables {
  clock: Record<string, Clock>
  transfers: Record<string, Transfer>
  shelters: Record<string, ShelterNow>
  marks: Record<string, Mark>
  screens: Record<string, Screen>
  towns: Record<string, Schemas['TownStateOut']>
  alarms: Record<string, AlarmWord>
  cyclones: Record<string, Cyclone>
  incidents: Record<string, Incident>
  teams: Record<string, Team>
  dispatches: Record<string, Dispatch>
  closures: Record<string, Closure>
  gauges: Record<string, Gauge>
  suggestions: Record<string, Suggestion>
  runs: Record<string, Run>
  warnings: Record<string, Warning>
  hazards: Record<string, Hazard>
  callouts: Record<string, CallOut>
  shifts: Record<string, Shift>
  headcounts: Record<string, HeadCount>
  tasks: Record<string, Task>
  responses: Record<string, Response>
  decisions: Record<string, Decision>
}
export type TableName = keyof Tables
export interface Board extends Tables {
  seq: number
  at: string
  real_at: string
  world: World
}

/** The stream's words; server-sent events stand outside OpenAPI. */
export interface Patch extends JournalEntry {
  put?: Partial<Tables>
  drop?: Partial<Record<TableName, string[]>>
}
/** What gauges newly show, by code; `missed`: ask for all of them again. */
export interface Readings {
  at?: string
  gauges?: Record<string, Omit<GaugeNow, 'name' | 'element' | 'unit' | 'interval_s' | 'lon' | 'lat' | 'is_demo'>>
  missed?: boolean
}
export interface Beat {
  real_at: string
  seq: number
}
