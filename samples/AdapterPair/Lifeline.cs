using System.Runtime.InteropServices;

namespace ClientFailover.Samples.AdapterPair;

/// <summary>
/// Responsible for a child process ending with the demo: its standard input is a pipe that the demo holds open, and
/// whose end means "stop", also when the demo was killed and can no longer say so.
/// </summary>
internal sealed class Lifeline : IDisposable
{
    private readonly CancellationTokenSource _ended = new();
    private readonly PosixSignalRegistration[] _ignored;

    private Lifeline()
    {
        // Ctrl-C reaches every process of a terminal at once; only the demo acts on it, so that the children stop in order.
        _ignored = [Ignore(PosixSignal.SIGINT), Ignore(PosixSignal.SIGHUP), Ignore(PosixSignal.SIGTERM)];

        var thread = new Thread(WaitForEnd) { IsBackground = true, Name = "Lifeline" };
        thread.Start();
    }

    public CancellationToken Ended => _ended.Token;

    /// <summary>Holds on to the demo from now; what it had to say at the start must have been read before.</summary>
    public static Lifeline Hold() => new();

    public void Dispose()
    {
        foreach (var registration in _ignored)
        {
            registration.Dispose();
        }
    }

    private static PosixSignalRegistration Ignore(PosixSignal signal) =>
        PosixSignalRegistration.Create(signal, context => context.Cancel = true);

    private void WaitForEnd()
    {
        while (Console.In.ReadLine() is not null)
        {
        }

        _ended.Cancel();
    }
}
