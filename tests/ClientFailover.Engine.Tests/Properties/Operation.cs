namespace ClientFailover.Engine.Tests.Properties;

/// <summary>What an operation does.</summary>
internal enum OperationKind
{
    /// <summary>Time passes, and every adapter that is not mute does what it does.</summary>
    Run,

    /// <summary>Time passes and nobody is heard.</summary>
    Silence,

    /// <summary>Creates the group if it is gone, possibly with another failover timeout.</summary>
    CreateGroup,

    /// <summary>Asks for the deletion of the group.</summary>
    DeleteGroup,

    /// <summary>Registers the session, or removes it.</summary>
    Register,

    /// <summary>Removes the session.</summary>
    Unregister,

    /// <summary>The adapter restarts without memory: registers again, or opens a stream without a term.</summary>
    RestartAdapter,

    /// <summary>The adapter's score becomes another.</summary>
    Score,

    /// <summary>The adapter is not heard for a while: its heartbeats are lost.</summary>
    Mute,

    /// <summary>The adapter is heard again.</summary>
    Unmute,

    /// <summary>A heartbeat out of turn, on the adapter's transport or on the other.</summary>
    Heartbeat,

    /// <summary>A heartbeat that is an old one: with an old score and LastDataProcessedTime.</summary>
    OldHeartbeat,

    /// <summary>The adapter opens a stream, or another one.</summary>
    OpenStream,

    /// <summary>The adapter's stream breaks.</summary>
    BreakStream,

    /// <summary>The adapter's stream ends properly.</summary>
    CloseStream,

    /// <summary>The end of a stream that was replaced long ago is told late.</summary>
    LateStreamEnd,

    /// <summary>The connection-loss hint is withdrawn.</summary>
    WithdrawHint,

    /// <summary>An acknowledgement of a drain: of the right term, a wrong one, or again.</summary>
    Acknowledge,

    /// <summary>An administrator's order.</summary>
    Override,

    /// <summary>The service crashes and starts again.</summary>
    RestartService,

    /// <summary>The service is paused.</summary>
    PauseService,

    /// <summary>The wall clock jumps.</summary>
    JumpUtc,

    /// <summary>A Tick that nothing asked for.</summary>
    Tick,
}

/// <summary>One step of a schedule.</summary>
/// <param name="Kind">What it does.</param>
/// <param name="Slot">To which adapter.</param>
/// <param name="Amount">How much, in thousandths of what the kind is measured in (mostly of a failover timeout).</param>
/// <param name="Choice">Which variant.</param>
/// <param name="Score">A failover score.</param>
internal readonly record struct Operation(OperationKind Kind, int Slot, int Amount, int Choice, float Score);

/// <summary>A random run of a group.</summary>
/// <param name="Settings">Settings of the engine.</param>
/// <param name="FailoverTimeout">The first group's failover timeout.</param>
/// <param name="Streams">Bit n: adapter n prefers a stream.</param>
/// <param name="StepDown">Bit n: adapter n steps down by its own clock.</param>
/// <param name="Adapters">How many adapters there are at the start.</param>
/// <param name="Lateness">Ticks are up to this late, in milliseconds.</param>
/// <param name="Operations">What happens.</param>
internal sealed record Schedule(
    EngineSettings Settings,
    TimeSpan FailoverTimeout,
    int Streams,
    int StepDown,
    int Adapters,
    int Lateness,
    Operation[] Operations)
{
    public override string ToString() =>
        $"{Settings}\nFailoverTimeout = {FailoverTimeout}, Streams = {Streams:b}, StepDown = {StepDown:b}, Adapters = {Adapters}, "
        + $"Lateness = {Lateness} ms\n{string.Join('\n', Operations)}";
}
