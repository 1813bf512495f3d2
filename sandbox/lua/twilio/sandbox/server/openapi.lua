-- sandbox/server/openapi.lua: docs/sandbox-api.json.
return "{}"
