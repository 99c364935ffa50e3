import type {Subject} from '../subject.ts';
import {configuration, openAxios} from './axios-cache-interceptor.ts';

export const subject: Subject = {
  configuration: `${configuration} cloneData true: each caller is given data of its own.`,
  open: environment => openAxios(environment, 'cloned'),
};
