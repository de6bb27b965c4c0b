namespace ClientFailover.Service.Storage;

/// <summary>
/// The database cannot be used, and nothing in it was changed. The message says what is wrong, why, and what to do.
/// </summary>
/// <param name="message">For the person who starts the service.</param>
/// <param name="inner">What was found; null: nothing was thrown.</param>
internal sealed class StoreUnusableException(string message, Exception? inner = null) : Exception(message, inner);
