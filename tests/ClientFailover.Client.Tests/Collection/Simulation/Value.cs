namespace ClientFailover.Client.Tests.Collection.Simulation;

/// <summary>A value that a source produced.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Component">Of which component.</param>
/// <param name="Stream">Of which stream.</param>
/// <param name="Time">When.</param>
internal sealed record Value(int Id, int Component, string Stream, TimeSpan Time)
{
    /// <summary>How often the destination got it.</summary>
    public int Received { get; set; }

    /// <summary>Which lives of which nodes collected it.</summary>
    public List<(SimulatedNode Node, int Life)> CollectedBy { get; } = [];

    /// <summary>Somebody who collected it has run ever since, and the destination does not have it.</summary>
    public bool IsLost => Received == 0 && CollectedBy.Exists(c => c.Node.Life == c.Life && c.Node.IsRunning);

    public override string ToString() =>
        $"{Stream}@{Time.TotalSeconds:0.000} x{Received} of {string.Join(',', CollectedBy.Select(c => $"{c.Node.Id}.{c.Life}"))}";
}
