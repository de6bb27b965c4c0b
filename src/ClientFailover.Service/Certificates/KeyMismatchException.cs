using System.Security.Cryptography;

namespace ClientFailover.Service.Certificates;

/// <summary>A certificate and a key are both valid, and do not belong together: while a pair is replaced by hand, it is so for a time.</summary>
/// <param name="message">In words.</param>
/// <param name="cause">What the framework says.</param>
internal sealed class KeyMismatchException(string message, Exception cause) : CryptographicException(message, cause);
