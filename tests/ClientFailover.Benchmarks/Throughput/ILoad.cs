using ClientFailover.Benchmarks.Processes;

namespace ClientFailover.Benchmarks.Throughput;

/// <summary>A closed loop of requests against one server: as many as it answers.</summary>
internal interface ILoad : IDisposable
{
    /// <summary>The process that is loaded.</summary>
    ChildProcess Server { get; }

    /// <summary>How many requests were answered since the beginning.</summary>
    long Answers { get; }

    /// <summary>Starts the loop, or goes on after <see cref="Stop"/>.</summary>
    void Start();

    /// <summary>Handles what has arrived, and sends what follows from it.</summary>
    void Pump();

    /// <summary>Sends nothing more, and takes the answers that are still to come.</summary>
    void Stop();
}
