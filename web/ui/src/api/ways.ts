/** Questions to the road network over HTTP. */
import type { LineString, MultiLineString, MultiPolygon, Polygon } from 'geojson'
import { answer, client } from './client'
import type { components, operations } from './schema.gen'

type Schemas = components['schemas']

/** What an answer rests on. */
export interface AsOf {
  computed_at: string
  network_version: string
  closures: string[]
}
export type Profile = Schemas['ProfileOut']
export type ProfileId = NonNullable<RouteQuery['profile']>
export type WayStep = Schemas['WayStepOut']
export type WayLeg = Omit<Schemas['LegOut'], 'route'> & { route: LineString }
export type Way = Omit<Schemas['WayOut'], 'legs'> & { legs: WayLeg[] }
export type Routes = Omit<Schemas['RoutesOut'], 'ways'> & { ways: Way[] }
export type Area = Omit<Schemas['AreaOut'], 'area'> & { area: Polygon | MultiPolygon }
export type Areas = Omit<Schemas['AreasOut'], 'areas'> & { areas: Area[] }
export type AreasQuestion = Schemas['AreasIn']
export type Island = Omit<Schemas['IslandOut'], 'area'> & { area: Polygon | MultiPolygon }
export type Islands = Omit<Schemas['IslandsOut'], 'islands'> & { islands: Island[] }
export type Dependence = Omit<Schemas['DependenceOut'], 'roads'> & { roads: MultiLineString }
export type Dependences = Omit<Schemas['DependencesOut'], 'villages'> & { villages: Dependence[] }
export type Detour = Schemas['DetourOut']
export type CoverageQuestion = Schemas['CoverageIn']
export type Judged = Schemas['JudgedOut']
/** Longitude, latitude, persons, persons without room, metres to the nearest shelter or null. */
export type Cell = [number, number, number, number, number | null]
export type Coverage = Omit<Schemas['CoverageOut'], 'cells'> & { cells: Cell[] | null }

type RouteQuery = NonNullable<operations['find_route_api_worlds__world__route_get']['parameters']['query']>
const at = (world: string, signal?: AbortSignal) => ({ params: { path: { world } }, ...(signal ? { signal } : {}) })

export const ways = {
  profiles: (world: string) => answer<Profile[]>(client.GET('/api/worlds/{world}/profiles', at(world))),
  route: (world: string, query: RouteQuery, signal: AbortSignal) =>
    answer<Routes>(client.GET('/api/worlds/{world}/route', { params: { path: { world }, query }, signal })),
  areas: (world: string, body: AreasQuestion, signal: AbortSignal) => answer<Areas>(client.POST('/api/worlds/{world}/areas', { ...at(world, signal), body })),
  islands: (world: string, profile: ProfileId, signal: AbortSignal) =>
    answer<Islands>(client.GET('/api/worlds/{world}/islands', { params: { path: { world }, query: { profile } }, signal })),
  dependence: (world: string, profile: ProfileId, signal: AbortSignal) =>
    answer<Dependences>(client.GET('/api/worlds/{world}/dependence', { params: { path: { world }, query: { profile } }, signal })),
  detour: (world: string, road_id: number, signal: AbortSignal) =>
    answer<Detour>(client.GET('/api/worlds/{world}/detour/{road_id}', { params: { path: { world, road_id } }, signal })),
  coverage: (world: string, body: CoverageQuestion, signal: AbortSignal) =>
    answer<Coverage>(client.POST('/api/worlds/{world}/coverage', { ...at(world, signal), body })),
}
