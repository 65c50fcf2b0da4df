namespace Orleans;

public interface IGrainObserver : IAddressable;
