using BenchmarkDotNet.Running;

namespace Hanzo.Benchmarks;

internal static class Benchmarks
{
    public static void Main(string[] args) => BenchmarkSwitcher.FromAssembly(typeof(Benchmarks).Assembly).Run(args);
}
