namespace ClientFailover.Client.Tests.Connection;

/// <summary>How long a test waits for what must come: long enough for any machine that is only slow.</summary>
internal static class Patience
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    /// <summary>Waits.</summary>
    public static Task<T> Soon<T>(this Task<T> task) => task.WaitAsync(Longest);

    /// <inheritdoc cref="Soon{T}(Task{T})"/>
    public static Task Soon(this Task task) => task.WaitAsync(Longest);
}
