"""People out of danger (人员转移): orders, households and persons, shelters, supplies, cards."""
