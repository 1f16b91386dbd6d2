# Queries as dnsperf -B reads them, each with EDNS; with "ecs" each from another random /24.
# perl dns-queries.pl NAME COUNT ecs|plain >FILE
use strict;
use warnings;
my ($name, $count, $kind) = @ARGV;
srand(7);
binmode STDOUT;
my $question = join('', map { chr(length) . $_ } split /\./, $name) . "\0" . pack('nn', 1, 1);
for my $id (1 .. $count) {
  my $option = $kind eq 'ecs' ? pack('nnnCC', 8, 7, 1, 24, 0) . pack('C3', 1 + int(rand(223)), int(rand(256)), int(rand(256))) : '';
  my $packet = pack('n6', $id & 0xffff, 0, 1, 0, 0, 1) . $question . "\0" . pack('nnNn', 41, 1232, 0, length $option) . $option;
  print pack('n', length $packet), $packet;
}
