using ClientFailover.Service.Liveness;

namespace ClientFailover.Service.Groups;

/// <summary>
/// Responsible for running the scheduler: a thread of its own, because a promotion must not queue behind requests for a place in the
/// thread pool. Its priority is above normal where that has an effect, which is on Windows: on Linux the runtime leaves threads
/// of the ordinary scheduling class as they are.
/// </summary>
/// <param name="scheduler">The scheduler.</param>
/// <param name="pulses">Where it is told that the thread goes on.</param>
internal sealed class DeadlineThread(DeadlineScheduler scheduler, Pulses pulses) : IDisposable
{
    // A hundred thousand sessions that are lost together take a tenth of a second.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly Pulse _pulse = pulses.Add("deadlines", Patience);
    private Thread? _thread;
    private volatile bool _stopping;

    /// <summary>Whether deadlines run out.</summary>
    public bool IsRunning => _thread is not null;

    /// <summary>Starts the thread.</summary>
    public void Start()
    {
        _thread = new Thread(Run) { IsBackground = true, Name = "Deadlines", Priority = ThreadPriority.AboveNormal };
        _thread.Start();
    }

    /// <summary>Stops the thread and waits for its end. No deadline runs out any more.</summary>
    public void Dispose()
    {
        _stopping = true;
        _thread?.Join();
        _thread = null;
    }

    private void Run()
    {
        while (!_stopping)
        {
            _pulse.Beat();
            scheduler.Wait(scheduler.RunDue());
        }

        _pulse.Rest();
    }
}
