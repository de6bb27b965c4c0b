namespace ClientFailover.Benchmarks.Processes;

/// <summary>A server under measurement, ready to be talked to.</summary>
/// <param name="process">Its process.</param>
/// <param name="address">Where it is reached.</param>
/// <param name="directory">What it keeps its data in; null: it keeps none.</param>
internal sealed class ServerProcess(ChildProcess process, ServerAddress address, DataDirectory? directory = null) : IDisposable
{
    /// <summary>Its process.</summary>
    public ChildProcess Process => process;

    /// <summary>Where it is reached.</summary>
    public ServerAddress Address => address;

    /// <inheritdoc/>
    public void Dispose()
    {
        process.Dispose();
        directory?.Dispose();
    }
}
