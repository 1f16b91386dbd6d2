# Readings of bench/peers/proxy to a section of docs/benchmarks.md (standard output), the bars with their figures, and
# one line of figures (file named by "figures"). Exits with 1 when a bar is not held.
# Ratios are taken inside a round, then the median over rounds: what slows one round slows both sides of its ratio.
BEGIN { FS = "\t" }
{
  if (!($1 in seen)) { seen[$1] = 1; scenarios[++count] = $1 }
  if (!($3 in known)) { known[$3] = 1; peers[++peerCount] = $3 }
  rps[$1, $3, $2] = $4; p50[$1, $3, $2] = $5; p99[$1, $3, $2] = $6; cpu[$1, $3, $2] = $7
  if ($8 > memory[$3]) memory[$3] = $8
  errors += $9
}
END {
  name["nginx"] = "nginx, 1 worker"; name["haproxy"] = "HAProxy, 1 thread"; name["yarp"] = "plain YARP"; name["edge"] = "Hanzo.Edge"
  sub(/ +$/, "", command)
  print "## Proxy\n"
  printf "The same static responses through each proxy, measured by `%s` on %s, with %s. ", command, machine, versions
  printf "Medians over %d rounds of %d s; the peers take turns and share one core, generator and upstream have the rest. ", rounds, seconds
  print "Every HTTP/1.1 request names another client, and the edge finds it, steers it, forwards its address and keeps a receipt; HTTP/2 connections carry 4 streams each and name one client.\n"
  print "| protocol, body, connections | proxy | requests/s | p50 | p99 | processor time per 1,000 requests | to nginx |"
  print "| --- | --- | ---: | ---: | ---: | ---: | ---: |"
  for (s = 1; s <= count; s++) {
    split(scenarios[s], part, "-")
    label = (part[1] == "http1" ? "HTTP/1.1" : "HTTP/2") ", " substr(part[2], 1, length(part[2]) - 1) " KB, " part[3]
    for (p = 1; p <= peerCount; p++) {
      if (!((scenarios[s], peers[p], 1) in rps)) { printf "| %s | %s | over TLS only | | | | |\n", label, name[peers[p]]; continue }
      printf "| %s | %s | %.0f | %s | %s | %.1f ms | %.2f |\n", label, name[peers[p]], over(rps, scenarios[s], peers[p]),
        duration(over(p50, scenarios[s], peers[p])), duration(over(p99, scenarios[s], peers[p])), over(cpu, scenarios[s], peers[p]),
        ratio(cpu, scenarios[s], peers[p], "nginx")
    }
  }
  printf "\nMost memory under load (PSS): "
  for (p = 1; p <= peerCount; p++) printf "%s%s %.0f MiB", (p > 1 ? ", " : ""), name[peers[p]], memory[peers[p]]
  print ".\n\n| bar for the edge | at most or least | measured | |\n| --- | ---: | ---: | --- |"
  at_most("yarp_cpu", "processor time to plain YARP, 1 KB, 64 connections", ratio(cpu, "http1-1k-64", "edge", "yarp"), 0.62)
  at_most("nginx_cpu", "processor time to nginx, 1 KB, 64 connections", ratio(cpu, "http1-1k-64", "edge", "nginx"), 1.6)
  at_most("haproxy_cpu", "processor time to HAProxy, 1 KB, 64 connections", ratio(cpu, "http1-1k-64", "edge", "haproxy"), 1.6)
  at_most("haproxy_cpu_64k", "processor time to HAProxy, 64 KB, 64 connections", ratio(cpu, "http1-64k-64", "edge", "haproxy"), 1.3)
  at_least("nginx_rps", "requests per second to nginx, 1 KB, 64 connections", ratio(rps, "http1-1k-64", "edge", "nginx"), 0.85)
  at_most("nginx_p50", "p50 to nginx, 1 KB, 4 connections", ratio(p50, "http1-1k-4", "edge", "nginx"), 1.5)
  at_most("pss_mib", "PSS under load, MiB", memory["edge"], 100)
  at_most("errors", "failed requests, all proxies", errors, 0)
  printf "proxy:%s held=%d/%d\n", line, held, bars > figures
  exit held < bars
}
function duration(micros) { return micros >= 10000 ? sprintf("%.1f ms", micros / 1000) : micros >= 1000 ? sprintf("%.2f ms", micros / 1000) : sprintf("%d µs", micros) }
function at_most(key, what, figure, bar) { tell(key, what, figure, bar, "≤", figure <= bar) }
function at_least(key, what, figure, bar) { tell(key, what, figure, bar, "≥", figure >= bar) }
function tell(key, what, figure, bar, sign, kept) {
  figure = figure >= 10 || figure == 0 ? sprintf("%.0f", figure) : sprintf("%.2f", figure)
  printf "| %s | %s %s | %s | %s |\n", what, sign, bar, figure, kept ? "held" : "**not held**"
  line = line " " key "=" figure; bars++; held += kept
}
function over(readings, scenario, peer,    r, list, n) {
  for (r = 1; r <= rounds; r++) list[++n] = readings[scenario, peer, r]
  return median(list, n)
}
function ratio(readings, scenario, peer, other,    r, list, n) {
  for (r = 1; r <= rounds; r++) list[++n] = readings[scenario, peer, r] / readings[scenario, other, r]
  return median(list, n)
}
function median(list, n,    i, j, swap) {
  for (i = 2; i <= n; i++) for (j = i; j > 1 && list[j] < list[j - 1]; j--) { swap = list[j]; list[j] = list[j - 1]; list[j - 1] = swap }
  return n % 2 ? list[(n + 1) / 2] : (list[n / 2] + list[n / 2 + 1]) / 2
}
