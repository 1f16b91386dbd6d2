# Readings of bench/peers/crdt to a section of docs/benchmarks.md, and one line of figures. Exits with 1 when a bar is not held.
BEGIN { FS = "\t" }
{ rps[$2, $1] = $3; p50[$2, $1] = $4; p99[$2, $1] = $5; cpu[$2, $1] = $6; errors += $7 }
END {
  sub(/ +$/, "", command)
  print "## Changes of carts\n"
  printf "64 clients put products into %d carts over HTTP, each change synced to the disk before its answer, measured by `%s` on %s, with %s, at a load average of %s. ", carts, command, machine, versions, load
  printf "Medians over %d rounds of %d s; the peers take turns on the same cores and disk. The peer is `HSET` with `appendfsync always` behind a minimal ASP.NET endpoint.\n\n", rounds, seconds
  print "| | changes/s | p50 | p99 | processor time per 1,000 changes |"
  print "| --- | ---: | ---: | ---: | ---: |"
  row("peer", "Redis behind an endpoint"); row("node", "Hanzo.Commerce.Node")
  for (r = 1; r <= rounds; r++) { ratios[r] = rps["node", r] / rps["peer", r] }
  ratio = median(ratios)
  print "\n| bar for the node | at least | measured | |\n| --- | ---: | ---: | --- |"
  bar("changes per second", figure(rps, "node"), 5000, "%.0f"); bar("changes per second to the peer", ratio, 0.7, "%.2f")
  if (errors > 0) broken = 1
  printf "| failed requests, both | 0 | %d | %s |\n", errors, (errors > 0 ? "**not held**" : "held")
  printf "crdt: changes=%.0f peer=%.0f ratio=%.2f p99_ms=%.1f errors=%d\n", figure(rps, "node"), figure(rps, "peer"), ratio, figure(p99, "node") / 1000, errors > figures
  exit broken
}
function row(name, label) { printf "| %s | %.0f | %.1f ms | %.1f ms | %.0f ms |\n", label, figure(rps, name), figure(p50, name) / 1000, figure(p99, name) / 1000, figure(cpu, name) }
function figure(of, name,   r, values) { for (r = 1; r <= rounds; r++) values[r] = of[name, r]; return median(values) }
function median(values,   i, j, t, n) {
  n = rounds
  for (i = 2; i <= n; i++) for (j = i; j > 1 && values[j - 1] > values[j]; j--) { t = values[j]; values[j] = values[j - 1]; values[j - 1] = t }
  return n % 2 ? values[(n + 1) / 2] : (values[n / 2] + values[n / 2 + 1]) / 2
}
function bar(label, measured, least, format) {
  printf "| %s | %s | " format " | %s |\n", label, least, measured, (measured >= least ? "held" : "**not held**")
  if (measured < least) broken = 1
}
