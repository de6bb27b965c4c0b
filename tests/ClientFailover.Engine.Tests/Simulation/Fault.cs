namespace ClientFailover.Engine.Tests.Simulation;

/// <summary>What goes wrong in a simulated run.</summary>
public enum Fault
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>The Primary dies and stays dead.</summary>
    KillPrimary,

    /// <summary>The Primary's machine dies without a sign and stays dead.</summary>
    PowerLoss,

    /// <summary>The Primary dies and is started again soon, without memory.</summary>
    RestartPrimary,

    /// <summary>A Secondary dies and is started again.</summary>
    RestartSecondary,

    /// <summary>The Primary stops on purpose.</summary>
    StopPrimary,

    /// <summary>The Primary is frozen for longer than its loss takes to be detected.</summary>
    LongFreeze,

    /// <summary>A Secondary is frozen.</summary>
    FreezeSecondary,

    /// <summary>The Primary loses one of its sources for several timeouts.</summary>
    LongSourceLoss,

    /// <summary>A Secondary loses one of its sources.</summary>
    SourceLossOfSecondary,

    /// <summary>The network between the Primary and the service is cut.</summary>
    CutPrimary,

    /// <summary>The network between a Secondary and the service is cut.</summary>
    CutSecondary,

    /// <summary>A third of all messages are lost for a while.</summary>
    LostMessages,

    /// <summary>The service crashes and comes back.</summary>
    RestartService,

    /// <summary>The service is paused.</summary>
    PauseService,

    /// <summary>An administrator orders a Secondary to be Primary, for a while.</summary>
    OverridePrimary,

    /// <summary>An administrator orders the Primary to be Secondary, for a while.</summary>
    OverrideSecondary,

    /// <summary>An administrator deletes the session of the Primary.</summary>
    DeletePrimary,

    /// <summary>The Primary is frozen for less than its loss takes to be detected. A documented gap.</summary>
    ShortFreeze,

    /// <summary>The Primary loses a source for less than a heartbeat interval. A documented gap.</summary>
    SourceDip,
}
