"""Use of the ENT: counts of a day per school, sums of a month per perimeter. Counts only, never a person."""
