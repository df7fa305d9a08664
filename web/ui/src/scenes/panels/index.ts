/** The screen's panels by their ids. */
import type { Component } from 'vue'
import type { PanelId } from '../scenes'
import ChemicalPanel from './ChemicalPanel.vue'
import ClosuresPanel from './ClosuresPanel.vue'
import CommandPanel from './CommandPanel.vue'
import DailyPanel from './DailyPanel.vue'
import DrillPanel from './DrillPanel.vue'
import FirePanel from './FirePanel.vue'
import GaugesPanel from './GaugesPanel.vue'
import HazardsPanel from './HazardsPanel.vue'
import IncidentsPanel from './IncidentsPanel.vue'
import LevelsPanel from './LevelsPanel.vue'
import SheltersPanel from './SheltersPanel.vue'
import TasksPanel from './TasksPanel.vue'
import TeamsPanel from './TeamsPanel.vue'
import TownsPanel from './TownsPanel.vue'
import TransfersPanel from './TransfersPanel.vue'

export const PANELS: Record<PanelId, Component> = {
  incidents: IncidentsPanel, command: CommandPanel, transfers: TransfersPanel, teams: TeamsPanel, shelters: SheltersPanel, closures: ClosuresPanel, gauges: GaugesPanel,
  hazards: HazardsPanel, towns: TownsPanel, daily: DailyPanel, fire: FirePanel, chemical: ChemicalPanel, drill: DrillPanel, tasks: TasksPanel, levels: LevelsPanel,
}
