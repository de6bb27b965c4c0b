namespace ClientFailover.Service.Groups;

/// <summary>
/// Responsible for running the scheduler: a thread of its own above normal priority, because a promotion must not
/// queue behind requests for a place in the thread pool.
/// </summary>
/// <param name="scheduler">The scheduler.</param>
internal sealed class DeadlineThread(DeadlineScheduler scheduler) : IDisposable
{
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
            scheduler.Wait(scheduler.RunDue());
        }
    }
}
