# The readings of bench/peers/dns as a section of docs/benchmarks.md, and the bars. Columns: scenario, round, peer,
# queries per second, processor microseconds a query, lost, bytes allocated a query (of the edge).
BEGIN { FS = "\t"; split("static steered", scenarios, " "); split("gdnsd knot edge", peers, " ") }
{ rate[$1, $3, $2] = $4; cpu[$1, $3, $2] = $5; if ($3 == "edge") { lost += $6; bytes += $7 } }
END {
  sub(/ +$/, "", command)
  print "## DNS\n"
  printf "The same zone and location database in each server, measured by `%s` on %s, with %s and dnsperf. ", command, machine, versions
  print "Medians over " rounds " rounds; each server has one UDP thread, all share one core. The steered name is asked with a random client subnet each time.\n"
  print "| question | server | queries/s | processor time a query | to gdnsd |"
  print "| --- | --- | ---: | ---: | ---: |"
  for (s = 1; s <= 2; s++)
    for (p = 1; p <= 3; p++)
      printf "| %s A | %s | %.0f | %.2f µs | %.2f |\n", scenarios[s], peers[p] == "edge" ? "Hanzo.Edge" : peers[p], middle(rate, scenarios[s], peers[p]), middle(cpu, scenarios[s], peers[p]), ratio(scenarios[s], peers[p], "gdnsd")
  print "\n| bar for the edge | at most | measured | |\n| --- | ---: | ---: | --- |"
  at_most("gdnsd_cpu", "processor time to gdnsd, steered", ratio("steered", "edge", "gdnsd"), 1.25)
  at_most("knot_cpu", "processor time to knot, steered", ratio("steered", "edge", "knot"), 1.1)
  at_most("lost", "queries lost by the edge", lost + 0, 0)
  at_most("bytes", "bytes allocated a query", bytes + 0, 0)
  printf "dns:%s static_gdnsd_cpu=%.2f micros=%.2f held=%d/%d\n", line, ratio("static", "edge", "gdnsd"), middle(cpu, "steered", "edge"), held, bars > figures
  exit held < bars
}
function at_most(key, what, figure, bar,    kept) {
  kept = figure <= bar
  printf "| %s | %s | %.2f | %s |\n", what, bar, figure, kept ? "held" : "**not held**"
  line = line " " key "=" sprintf("%.2f", figure); bars++; held += kept
}
function middle(readings, scenario, peer,    r, list) {
  for (r = 1; r <= rounds; r++) list[r] = readings[scenario, peer, r]
  return median(list, rounds)
}
function ratio(scenario, peer, other,    r, list) {
  for (r = 1; r <= rounds; r++) list[r] = cpu[scenario, peer, r] / cpu[scenario, other, r]
  return median(list, rounds)
}
function median(list, n,    i, j, swap) {
  for (i = 2; i <= n; i++) for (j = i; j > 1 && list[j] < list[j - 1]; j--) { swap = list[j]; list[j] = list[j - 1]; list[j - 1] = swap }
  return n % 2 ? list[(n + 1) / 2] : (list[n / 2] + list[n / 2 + 1]) / 2
}
