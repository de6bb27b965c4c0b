using CsCheck;

namespace ClientFailover.Engine.Tests.Properties;

/// <summary>Responsible for generating schedules, weighted so that rare situations are reached often enough.</summary>
internal static class Schedules
{
    internal const int MostAdapters = 4;

    private static readonly Gen<TimeSpan> FailoverTimeout =
        Gen.OneOf(0.4, 1, 3, 10, 60).Select(TimeSpan.FromSeconds);

    private static readonly Gen<EngineSettings> Settings =
        from grace in Gen.OneOf(0, 0.2, 1, 1, 30)
        from tolerance in Gen.OneOf(-1, -1, 0, 0.5)
        from hold in Gen.OneOf(-1, -1, 0, 0.5, 20)
        from drain in Gen.OneOf(0, 0.3, 5, 5)
        from tooSoon in Gen.OneOf(0.8, 0.8, 0)
        from record in Gen.OneOf(10, 10, 1)
        select new EngineSettings
        {
            ConnectionLossGrace = TimeSpan.FromSeconds(grace),
            HeartbeatTolerance = tolerance < 0 ? null : TimeSpan.FromSeconds(tolerance),
            MinimumHoldTime = hold < 0 ? null : TimeSpan.FromSeconds(hold),
            DrainTimeout = TimeSpan.FromSeconds(drain),
            MinimumHeartbeatInterval = tooSoon,
            LastDataProcessedTimeInterval = TimeSpan.FromSeconds(record),
        };

    private static readonly Gen<OperationKind> Kind = Gen.Frequency(
        (30, OperationKind.Run),
        (3, OperationKind.Silence),
        (2, OperationKind.CreateGroup),
        (1, OperationKind.DeleteGroup),
        (4, OperationKind.Register),
        (2, OperationKind.Unregister),
        (4, OperationKind.RestartAdapter),
        (14, OperationKind.Score),
        (7, OperationKind.Mute),
        (7, OperationKind.Unmute),
        (8, OperationKind.Heartbeat),
        (2, OperationKind.OldHeartbeat),
        (5, OperationKind.OpenStream),
        (4, OperationKind.BreakStream),
        (2, OperationKind.CloseStream),
        (1, OperationKind.LateStreamEnd),
        (2, OperationKind.WithdrawHint),
        (4, OperationKind.Acknowledge),
        (6, OperationKind.Override),
        (2, OperationKind.RestartService),
        (3, OperationKind.PauseService),
        (2, OperationKind.JumpUtc),
        (1, OperationKind.Tick));

    private static readonly Gen<float> Score = Gen.Frequency(
        (3, Gen.OneOf(0f, 1f, 50f, 75f, 100f)),
        (1, Gen.Float[0, 100]));

    private static readonly Gen<Operation> Operation =
        from kind in Kind
        from slot in Gen.Int[0, MostAdapters - 1]
        from amount in Gen.Frequency((3, Gen.Int[0, 400]), (2, Gen.Int[400, 2500]))
        from choice in Gen.Int[0, 59]
        from score in Score
        select new Operation(kind, slot, amount, choice, score);

    internal static Gen<Schedule> All { get; } =
        from settings in Settings
        from timeout in FailoverTimeout
        from streams in Gen.Frequency((2, Gen.Const(0)), (2, Gen.Const(0b1111)), (3, Gen.Int[0, 15]))
        from stepDown in Gen.Frequency((3, Gen.Const(0)), (1, Gen.Int[0, 15]))
        from adapters in Gen.Int[1, MostAdapters]
        from lateness in Gen.Frequency((3, Gen.Const(0)), (2, Gen.Int[0, 50]))
        from operations in Operation.Array[1, 80]
        select new Schedule(settings, timeout, streams, stepDown, adapters, lateness, operations);
}
