namespace ClientFailover.Service.Storage;

/// <summary>
/// The database cannot be used, and nothing in it was changed. The message says what is wrong, why, and what to do.
/// </summary>
/// <param name="message">For the person who starts the service.</param>
/// <param name="inner">What was found; null: nothing was thrown.</param>
/// <param name="isPassing">See <see cref="IsPassing"/>.</param>
internal sealed class StoreUnusableException(string message, Exception? inner = null, bool isPassing = false) : Exception(message, inner)
{
    /// <summary>
    /// Whether it is not the content that is wrong: the disk, missing rights or another program keep it from being used, and the
    /// next try may succeed.
    /// </summary>
    public bool IsPassing { get; } = isPassing;
}
