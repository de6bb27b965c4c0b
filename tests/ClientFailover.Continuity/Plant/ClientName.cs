namespace ClientFailover.Continuity.Plant;

/// <summary>Who collects.</summary>
/// <param name="Group">Group of the adapter.</param>
/// <param name="Adapter">Its name in the group.</param>
/// <param name="Life">Counts its starts: what one process collected, the next knows only if it was kept.</param>
/// <param name="Source">Number of the source that it collects from.</param>
internal sealed record ClientName(string Group, string Adapter, int Life, int Source)
{
    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
    public static ClientName Parse(string text)
    {
        var parts = text.Split(' ');
        return new ClientName(parts[0], parts[1], int.Parse(parts[2]), int.Parse(parts[3]));
    }

    public override string ToString() => $"{Group} {Adapter} {Life} {Source}";
}
