-- 4,096 clients spread over the IPv4 space, the same ones for every peer: each request names one in
-- X-Forwarded-For, as a balancer in front would. Requests are written once, so the generator only sends.
local requests, sent = {}, 0
local reserved = { [10] = true, [100] = true, [127] = true, [169] = true, [172] = true, [192] = true }

function init(args)
  math.randomseed(20)
  while #requests < 4096 do
    local first = math.random(1, 223)
    if not reserved[first] then
      local client = string.format("%d.%d.%d.%d", first, math.random(0, 255), math.random(0, 255), math.random(1, 254))
      requests[#requests + 1] = wrk.format("GET", nil, { ["Host"] = wrk.headers["Host"], ["X-Forwarded-For"] = client })
    end
  end
end

function request()
  sent = sent % #requests + 1
  return requests[sent]
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format("RESULT %d %d %d %d %d\n", summary.requests, summary.duration,
    latency:percentile(50), latency:percentile(99), errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
