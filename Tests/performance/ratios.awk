# Times and ratios from the samples of Tests/performance/rounds: SIZE WHAT MILLISECONDS [KIB FAULTS].
# A verdict goes by medians; the ratio of the best times beside it is what a busy machine disturbs least.

{
  key = $1 " " $2
  if (!(key in count)) order[++keys] = key
  times[key, ++count[key]] = $3
  if ($2 ~ /-(inline|pool)$/ && $4 > peak[key]) peak[key] = $4
  if ($2 !~ /^bare-/) faults[key] = $5
}

# Sorts the times of a key in place.
function sort(key,   i, j, t) {
  for (i = 2; i <= count[key]; i++) {
    t = times[key, i]
    for (j = i - 1; j > 0 && times[key, j] + 0 > t + 0; j--) times[key, j + 1] = times[key, j]
    times[key, j + 1] = t
  }
}

function median(key,   n) {
  n = count[key]
  return n % 2 ? times[key, (n + 1) / 2] : (times[key, n / 2] + times[key, n / 2 + 1]) / 2
}

# The ratio of two keys, and whether it is at most, or at least, a limit; without a relation it is there to compare with.
function goal(words, a, b, relation, limit,   middle, best, met) {
  if (!(a in count) || !(b in count)) return
  middle = median(a) / median(b)
  best = times[a, 1] / times[b, 1]
  met = relation == "at most" ? middle <= limit : middle >= limit
  if (relation == "") printf "%-62s %8.2f %8.2f\n", words, middle, best
  else printf "%-62s %8.2f %8.2f   %s %-5s %s\n", words, middle, best, relation, limit, met ? "met" : "NOT MET"
}

END {
  for (i = 1; i <= keys; i++) sort(order[i])

  printf "\n%-10s %-20s %9s %9s %9s %5s %7s %9s\n", "size", "milliseconds", "min", "median", "max", "runs", "faults", "peak MiB"
  for (i = 1; i <= keys; i++) {
    key = order[i]
    split(key, part, " ")
    printf "%-10s %-20s %9.2f %9.2f %9.2f %5d", part[1], part[2], times[key, 1], median(key), times[key, count[key]], count[key]
    printf " %7s", faults[key]
    printf peak[key] ? " %9.1f\n" : "\n", peak[key] / 1024
  }

  printf "\n%-62s %8s %8s   %s\n", "ratio", "median", "best", "goal"
  for (i = 1; i <= 2; i++) {
    form = i == 1 ? "inline" : "pool"
    goal("1x2 empty diff (" form ") / ipvsadm -Ln", "1x2 empty-" form, "1x2 ipvsadm-list", "at most", 2)
    goal("1x2 apply again (" form ") / ipvsadm -Ln", "1x2 again-" form, "1x2 ipvsadm-list", "at most", 2)
    goal("1000x10 ipvsadm -R / cold apply (" form ")", "1000x10 ipvsadm-restore", "1000x10 cold-" form, "at least", 15)
    goal("1000x10 cold apply (" form ") / bare load and dump", "1000x10 cold-" form, "1000x10 bare-load-and-dump", "at most", 2)
    goal("1000x10 empty diff (" form ") / ipvsadm -Sn", "1000x10 empty-" form, "1000x10 ipvsadm-save", "at most", 1)
    goal("1000x10 empty diff (" form ") / bare dump", "1000x10 empty-" form, "1000x10 bare-dump", "at most", 2)
    goal("1000x10 keepalived reload / one more real server (" form ")", "1000x10 keepalived-reload", "1000x10 more-" form, "at least", 2)
    goal("1000x10 keepalived start / cold apply (" form ")", "1000x10 keepalived-start", "1000x10 cold-" form)
    goal("10000x10 cold apply / 1000x10 (" form ")", "10000x10 cold-" form, "1000x10 cold-" form, "at most", 11)
    goal("10000x10 one more real server / 1000x10 (" form ")", "10000x10 more-" form, "1000x10 more-" form, "at most", 11)
    goal("10000x10 empty diff / 1000x10 (" form ")", "10000x10 empty-" form, "1000x10 empty-" form, "at most", 11)
  }
  goal("10000x10 bare load and dump / 1000x10", "10000x10 bare-load-and-dump", "1000x10 bare-load-and-dump")
  goal("10000x10 bare dump / 1000x10", "10000x10 bare-dump", "1000x10 bare-dump")
  for (key in peak) if (peak[key] > highest) { highest = peak[key]; who = key }
  printf "%-62s %8.1f %8s   at most 200   %s\n", "peak memory in MiB: " who, highest / 1024, "", highest <= 200 * 1024 ? "met" : "NOT MET"
}
