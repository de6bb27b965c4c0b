using ClientFailover.Benchmarks.Processes;
using ClientFailover.Benchmarks.Reports;

namespace ClientFailover.Benchmarks;

/// <summary>Measures one thing.</summary>
internal interface IBenchmark
{
    /// <summary>The word on the command line that asks for it.</summary>
    string Name { get; }

    /// <summary>Measures.</summary>
    /// <param name="service">Starts the service that is measured.</param>
    /// <returns>The figures.</returns>
    Task<IReadOnlyList<Measurement>> RunAsync(ServiceLauncher service);
}
