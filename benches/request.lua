-- One prepared request, sent over and over; prints one line of figures for benches/run.
-- The request comes as arguments after `--`: body, then name and value of each header.
function init(arguments)
  wrk.method = "POST"
  wrk.body = arguments[1]
  for i = 2, #arguments, 2 do
    wrk.headers[arguments[i]] = arguments[i + 1]
  end
  prepared = wrk.format()
end

function request()
  return prepared
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format("figures %d %d %d %d\n",
    summary.requests,
    summary.duration,
    latency:percentile(99),
    errors.connect + errors.read + errors.write + errors.timeout + errors.status))
end
