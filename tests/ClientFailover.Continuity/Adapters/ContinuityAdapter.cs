namespace ClientFailover.Continuity.Adapters;

internal static class ContinuityAdapter
{
    public static Task RunAsync(AdapterSettings settings, CancellationToken stop) => Task.FromException(new NotSupportedException(settings.Name + stop));
}
