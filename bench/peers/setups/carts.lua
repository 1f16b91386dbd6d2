-- Changes of carts: with CARTS naming a file that is missing, makes carts and writes their ids there; else each request puts
-- one more of a product into the next of them.
local path = os.getenv("CARTS")
local ids, sent, made = {}, 0, nil
local products = { "mug-enamel", "tote-canvas", "notebook-dotted" }

function init(args)
  local file = io.open(path)
  if file then
    for id in file:lines() do ids[#ids + 1] = id end
    file:close()
  end
end

function request()
  local headers = { ["Content-Type"] = "application/json" }
  if #ids == 0 then return wrk.format("POST", "/v1/carts", headers, "{}") end
  sent = sent + 1
  local product = products[sent % #products + 1]
  return wrk.format("POST", "/v1/carts/" .. ids[sent % #ids + 1] .. "/lines", headers, '{"product":"' .. product .. '","quantity":1}')
end

-- Defined only where it is needed: with it the generator reads every answer.
local function keep(status, headers, body)
  made = made or io.open(path .. ".made", "w")
  local id = body:match("cart_%x+")
  if id then made:write(id, "\n"); made:flush() end
end
local known = io.open(path)
if known then known:close() else response = keep end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format("RESULT %d %d %d %d %d\n", summary.requests, summary.duration,
    latency:percentile(50), latency:percentile(99), errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
